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
TRAINING_AND_TEST = ["#838d9a", "#9038c8"]
# Of runs and networks: as many as Shift compares, and one of your own.
LINE_COLOURS = ["#0a9a7a", "#c08600", "#d6529a", "#66801a", "#96604a", "#2f9ac4", "#c30f3c", "#c369ff"]
