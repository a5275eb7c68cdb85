// One image's way through a network as a list of stages, each with pictures, sentences and perhaps tables.
/**
 * @typedef {object} Figure
 * @property {ImageData} picture
 * @property {string} says
 * @property {number[]} [frame]  left, top, width and height of what is framed, in the picture's pixels
 * @property {number} [units]  how many units the picture's pixels are, where one can be chosen
 */
/** @typedef {{ title: string, figures: Figure[], says: string, told?: string }} Stage  told: what one could guess first */
/** @typedef {(step: Step, x: Maps, y: Maps, unit?: number) => Stage[]} Explained  what a layer gets and makes of it */
const NAMED = 3 // contributions, for the answer and against it
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit)

/** @type {Record<string, (sum: number) => string>} */
const KEPT = {
  relu: (sum) => (sum > 0 ? `ReLU keeps it: <b>${number(sum)}</b>.` : "That is not above 0, so ReLU makes it <b>0</b>."),
  tanh: (sum) => `tanh brings it between −1 and 1: <b>${number(Math.tanh(sum))}</b>.`,
  linear: () => "It has no activation: so it stays.",
}

// What a unit gets, its weights, their products, and what it makes of them; the largest product is framed.
/**
 * @param {Numbers} values @param {Numbers} weights @param {number} bias @param {string} activation
 * @param {string[]} names  of the pictures @param {number} width  of the pictures @returns {{ figures: Figure[], says: string }}
 */
function weighed(values, weights, bias, activation, names, width) {
  const products = Float64Array.from(values, (value, i) => value * weights[i])
  const sizes = products.map(Math.abs)
  const at = sizes.indexOf(peak(sizes))
  const largest = peak(weights.map(Math.abs)) || 1
  const frame = products[at] ? [at % width, Math.floor(at / width), 1, 1] : undefined
  const pictures = [inked(values, width), tinted(weights, width, largest), tinted(products, width, (peak(values) || 1) * largest)]
  const sum = total(products)
  const framed = frame ? `Framed: ${number(values[at])} × ${number(weights[at])} = ${number(products[at])}. ` : ""
  return {
    figures: pictures.map((picture, i) => ({ picture, says: names[i], frame })),
    says: `${framed}All ${products.length} products together: <b>${signed(sum)}</b>; plus the bias, ${signed(bias)}: <b>${signed(sum + bias)}</b>. ${KEPT[activation](sum + bias)}`,
  }
}

/** @type {Record<string, Explained>} */
const STAGES = {
  Flatten(_, { channels, values }) {
    if (channels > 1 || values.length !== SIZE * SIZE) return []
    const ink = Array.from({ length: SIZE }, (_, row) => total(values.subarray(row * SIZE, (row + 1) * SIZE)))
    const row = best(ink)
    return [
      {
        title: "Flatten: one long row",
        figures: [
          { picture: inked(values, SIZE, 1), says: "28 rows …", frame: [0, row, SIZE, 1] },
          { picture: inked(values, values.length, 1), says: "… laid end to end: 784 numbers", frame: [row * SIZE, 0, SIZE, 1] },
        ],
        says: `Nothing is computed. The framed row ${row + 1} is numbers ${row * SIZE + 1} to ${(row + 1) * SIZE} of the long row.`,
      },
    ]
  },
  Conv2D: (step, x, y) => [...(x.channels === 1 ? [filter(step, x, y)] : []), maps(x, y)],
  MaxPooling2D({ config }, x, y, unit) {
    const [high, wide] = config.pool_size
    const channel = chosen(y, unit)
    const [from, to] = [one(x, channel), one(y, channel)]
    const isApart = `${config.strides}` === `${config.pool_size}` // or a number may stay several times
    return [
      {
        title: "Max-pooling: the largest of each square",
        figures: [
          { picture: sheet(from, isApart ? maxima(from, high, wide) : undefined), says: `map ${channel}${isApart ? ": orange stays" : ""} …` },
          { picture: sheet(to), says: `… ${to.width}×${to.height} are left` },
          { picture: sheet(y), says: `all ${counted(y.channels, "map")}` },
        ],
        says: `Of each ${wide}×${high} square only the largest value stays: of ${counted(x.values.length, "number")}, ${y.values.length.toLocaleString("en")}.`,
      },
    ]
  },
  GlobalMaxPooling2D(_, x, y, unit) {
    const channel = chosen(y, unit)
    const map = one(x, channel)
    const at = map.values.indexOf(peak(map.values))
    const [column, row] = [at % x.width, Math.floor(at / x.width)]
    const frame = y.values[channel] ? [column, row, 1, 1] : undefined
    const from = frame ? `, from column ${column + 1}, row ${row + 1}; the place itself is forgotten` : ": it is nowhere"
    return [
      {
        title: "Global max-pooling: the largest of each map",
        figures: [
          { picture: sheet(map), says: `map ${channel}: its largest`, frame },
          { picture: sheet(x, maxima(x, x.height, x.width)), says: "orange: where each map's largest is" },
        ],
        says: `Of map ${channel} only <b>${number(y.values[channel])}</b> stays${from}.`,
      },
    ]
  },
  AveragePooling2D: (step, x, y, unit) => averaged(x, y, unit, "Average pooling: the mean of each square", `the mean of each ${step.config.pool_size.join("×")} square`),
  GlobalAveragePooling2D: (_, x, y, unit) => averaged(x, y, unit, "Global average pooling: the mean of each map", "one number, its mean"),
  Dropout: (_, { values }) => [
    { title: "Dropout: in training only", figures: [], says: `Now nothing is left out: ${counted(values.length, "number")} go on as they are.` },
  ],
  Dense({ weights: [kernel, biases], config }, { values }, y, unit = Math.max(0, y.values.indexOf(peak(y.values)))) {
    const weights = Float64Array.from(values, (_, i) => kernel[i * biases.length + unit])
    const got = values.length === SIZE * SIZE ? "ink" : "what it gets"
    const names = [got, "its weights", "their products"]
    return [{ title: `Unit ${unit}: each number times its weight`, ...weighed(values, weights, biases[unit], config.activation, names, columns(values)) }]
  },
}

/** @type {(x: Maps, y: Maps, unit: number | undefined, title: string, what: string) => Stage[]} */
function averaged(x, y, unit, title, what) {
  const channel = chosen(y, unit)
  const figures = [{ picture: sheet(one(x, channel)), says: `map ${channel} …` }]
  if (y.height > 1) figures.push({ picture: sheet(one(y, channel)), says: `… ${y.width}×${y.height} are left` }, { picture: sheet(y), says: `all ${counted(y.channels, "map")}` })
  return [{ title, figures, says: `Of map ${channel} there stays ${what}${y.height > 1 ? "" : `: <b>${number(y.values[channel])}</b>`}.` }]
}

// The map that the chosen unit is of, or else the one that found most.
/** @type {(maps: Maps, unit?: number) => number} */
const chosen = ({ channels, values }, unit = Math.max(0, values.indexOf(peak(values)))) => unit % channels

// How far the first window begins before the edge, where the padding is "same": network.js.
/** @type {(side: number, window: number, stride: number) => number} */
const outside = (side, window, stride) => Math.floor(Math.max(0, (Math.ceil(side / stride) - 1) * stride + window - side) / 2)

// One filter at the place where it finds most: a small window of the image, the same weights everywhere.
/** @type {(step: Step, x: Maps, y: Maps) => Stage} */
function filter({ config, weights: [kernel, biases] }, x, y) {
  const [[high, wide], [down, across]] = [config.kernel_size, config.strides]
  const at = Math.max(0, y.values.indexOf(peak(y.values)))
  const [map, place] = [at % y.channels, Math.floor(at / y.channels)]
  const [column, row] = [place % y.width, Math.floor(place / y.width)]
  const [outLeft, outTop] = config.padding === "same" ? [outside(x.width, wide, across), outside(x.height, high, down)] : [0, 0]
  const [left, top] = [column * across - outLeft, row * down - outTop]
  const cells = Array.from({ length: high * wide }, (_, i) => i)
  const patch = cells.map((i) => {
    const [ink, at] = [left + (i % wide), top + Math.floor(i / wide)]
    return ink >= 0 && ink < x.width && at >= 0 && at < x.height ? x.values[at * x.width + ink] : 0
  })
  const weighs = cells.map((i) => kernel[i * biases.length + map])
  const names = ["the window", `weights of filter ${map}`, "their products"]
  const { figures, says } = weighed(patch, weighs, biases[map], config.activation, names, wide)
  return {
    title: `A filter passes over: ${wide}×${high} weights`,
    figures: [
      { picture: sheet(x), says: "the image", frame: [left, top, wide, high] },
      ...figures,
      { picture: sheet(one(y, map)), says: `map ${map}`, frame: [column, row, 1, 1] },
    ],
    says: `${says} That is one pixel of map ${map}, its brightest; the same weights at every other place make the rest.`,
  }
}

/** @type {(x: Maps, y: Maps) => Stage} */
function maps(x, y) {
  const all = x.channels === 1 ? "the image" : `all ${x.channels} maps at once`
  return {
    title: `Conv2D: ${counted(y.channels, "map")}`,
    figures: [{ picture: sheet(y), says: `${y.channels} of ${y.width}×${y.height}` }],
    says: `${counted(y.channels, "filter")} passed over ${all}; bright is where a filter's pattern is.`,
  }
}

/** @type {(image: Float32Array, source: string) => Stage} */
const seen = (image, source) => ({
  title: "What the network gets",
  figures: [{ picture: inked(image, SIZE, 1), says: source }],
  says: `28×28 = 784 numbers from 0, paper, to 1, full ink. Added up: <b>${number(total(image))}</b>.`,
})

/** @type {(x: Maps, unit: number, noun: string) => Stage} */
function every({ height, width: wide, channels, values }, unit, noun) {
  const [width, value] = [columns(values), values[unit]]
  const [above, larger] = [0, value].map((least) => values.filter((/** @type {number} */ each) => each > least).length)
  const place = Math.floor(unit / channels)
  const from = height > 1 ? `, from map ${unit % channels}, column ${(place % wide) + 1}, row ${Math.floor(place / wide) + 1}` : ""
  return {
    title: `All ${counted(values.length, noun)}`,
    figures: [
      {
        picture: inked(values, width),
        says: "select another one",
        frame: [unit % width, Math.floor(unit / width), 1, 1],
        units: values.length,
      },
    ],
    says: `Bright is large, black is 0${values.some((/** @type {number} */ each) => each < 0) ? " or below" : ""}: ${above} of ${values.length} are above 0. The framed ${noun} ${unit} is <b>${number(value)}</b>${from}; ${larger} are larger.`,
  }
}

/** @type {(head: string[], rows: string[][], marked: number) => string} */
function table(head, rows, marked) {
  const cells = (/** @type {string} */ kind, /** @type {string[]} */ row) => row.map((cell) => `<${kind}>${cell}</${kind}>`).join("")
  const body = rows.map((row, digit) => `<tr${digit === marked ? ' class="best"' : ""}><th>${digit}</th>${cells("td", row)}</tr>`)
  return `<div class="scroll"><table><tr>${cells("th", ["digit", ...head])}</tr>${body.join("")}</table></div>`
}

// The ten sums: what the chosen unit gives to each, all others, the bias.
/** @type {(values: Numbers, step: Step, sums: number[], unit: number, noun: string) => Stage} */
function summed(values, { weights: [kernel, biases] }, sums, unit, noun) {
  const [answer, value] = [best(sums), values[unit]]
  const given = (/** @type {number} */ each, /** @type {number} */ digit) => values[each] * kernel[10 * each + digit]
  const rows = DIGITS.map((digit) => {
    const own = given(unit, digit)
    return [number(kernel[10 * unit + digit]), signed(own), signed(sums[digit] - own - biases[digit]), signed(biases[digit]), `<b>${number(sums[digit])}</b>`]
  })
  const few = Math.min(NAMED, Math.ceil(values.length / 2))
  const order = [...values.keys()].sort((a, b) => given(b, answer) - given(a, answer))
  const named = (/** @type {number[]} */ units) => units.map((each) => `${noun} ${each} (${signed(given(each, answer))})`).join(", ")
  const most = `Most for the ${answer}: ${named(order.slice(0, few))}. Most against it: ${named(order.slice(-few).reverse())}.`
  return {
    title: "Ten sums, one for each digit",
    figures: [],
    says: `Every ${noun} counts for or against each digit: its value times a weight. Of ${noun} ${unit}, that is ${number(value)} × the weight.`,
    told: table(["weight", `× ${number(value)}`, `all other ${noun}s`, "bias", "sum"], rows, answer) + `<p>${most}</p>`,
  }
}

/** @type {(sums: number[]) => Stage} */
function softmax(sums) {
  const answer = best(sums)
  const whole = sums[answer] + Math.log(total(sums.map((sum) => Math.exp(sum - sums[answer]))))
  const shares = sums.map((sum) => Math.exp(sum - whole))
  const rows = DIGITS.map((digit) => [
    number(sums[digit]),
    power(sums[digit]),
    `<i style="--part:${shares[digit].toFixed(3)}"></i>`,
    probability(1000 * shares[digit]),
  ])
  const share = `For the ${answer}: ${power(sums[answer])} ÷ ${power(whole)} = <b>${probability(1000 * shares[answer])}</b>.`
  return {
    title: "Softmax: sums become probabilities",
    figures: [],
    says: "e (2.718…) to the power of each sum is above 0, and large for a large sum; each is divided by their total.",
    told: table(["sum", "e to the sum", "of the total", ""], rows, answer) + `<p>Their total is ${power(whole)}. ${share}</p>`,
  }
}

/** @type {(inside: Inside, image: Float32Array, wanted: number, source: string) => { stages: Stage[], units: number, unit: number }} */
function follow({ steps, outputs }, image, wanted, source) {
  /** @type {Maps[]} */
  const made = [{ height: SIZE, width: SIZE, channels: 1, values: image }, ...outputs(image)] // what each step gets
  const [inner, last, { values }] = [steps.slice(0, -1), steps[steps.length - 1], made[steps.length - 1]]
  const [units, unit] = [values.length, Math.min(wanted, values.length - 1)]
  const noun = steps[steps.length - 2].kind === "Dense" ? "unit" : "number"
  const [kernel, biases] = last.weights
  const sums = DIGITS.map((digit) => biases[digit] + total(Array.from(values, (value, i) => value * kernel[10 * i + digit])))
  const stages = [
    seen(image, source),
    ...inner.flatMap((step, i) => {
      const isChosen = inner.slice(i + 1).every(({ kind }) => kind === "Flatten" || kind === "Dropout") // one of its numbers is
      return STAGES[step.kind]?.(step, made[i], made[i + 1], isChosen ? unit : undefined) ?? []
    }),
    every(made[steps.length - 1], unit, noun),
    summed(values, last, sums, unit, noun),
    softmax(sums),
  ]
  return { stages, units, unit }
}
