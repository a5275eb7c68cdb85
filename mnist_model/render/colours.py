"""The colours of digits, lines and maps, legible on light and dark; maps.py says which place gets which.

Those of the digits were found by simulated annealing: every two are at least 17 apart (CIEDE2000) for normal sight and
for red-green blindness (Machado, Oliveira and Fernandes 2009), and digits that are often mistaken for each other 32.
"""

DIGIT_COLOURS = [
    "#629aa2",
    "#307eff",
    "#902906",
    "#c1b9ff",
    "#057354",
    "#624b6c",
    "#838922",
    "#c8a592",
    "#74d920",
    "#1a1cf4",
]
POSITIVE, NEGATIVE, GREY = "#2f6fed", "#e4572e", "#8a93a1"
ACCURACY_COLOURS = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"]  # viridis, by Smith and van der Walt
LINE_COLOURS = ["#3b82f6", "#e4572e", "#17a398", "#a35bb5", "#d99a00", "#7d8794"]  # of lines and columns
