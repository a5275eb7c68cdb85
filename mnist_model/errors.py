"""What can go wrong for a person to know of. The message of each is one sentence, fit to be shown as it is.

NudgeError
├── classroom.errors ClassError (NoClass, NotNow, NotOne, NotAllowed, TooLarge, TooFast)
├── images.errors    DatasetError, BlankDrawing, NotAPicture, NotADrawing
├── lesson.errors    BadLesson, BadLink, BadFigure
├── networks.errors  NetworkError (OtherLayers), BadRecipe (BadStack)
├── runs.errors      DiskFull, NotARunFolder, NoWorkers, WorkersLost, TooLong, TooManyRuns
└── training.errors  Diverged, Stopped, TensorFlowMissing, NobodyElse
"""


class NudgeError(Exception):
    """Anything below; catch it where a person can be told."""
