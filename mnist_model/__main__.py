"""python -m mnist_model: the command line."""

from mnist_model.cli import main

if __name__ == "__main__":
    main()
