"""The colours of digits, lines and maps, legible on light and dark; maps.py says which place gets which."""

DIGIT_COLOURS = [
    "#4e79a7",
    "#f28e2b",
    "#e15759",
    "#17a398",
    "#59a14f",
    "#d9b310",
    "#a35bb5",
    "#ff7fa5",
    "#9c755f",
    "#7d8794",
]
POSITIVE, NEGATIVE, GREY = "#2f6fed", "#e4572e", "#8a93a1"
ACCURACY_COLOURS = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"]  # viridis, by Smith and van der Walt
LINE_COLOURS = ["#3b82f6", "#e4572e", "#17a398", "#a35bb5", "#d99a00", "#7d8794"]  # of lines and columns
