"""What a program sees of a learner's engine, held against a Docker engine run the usual way."""
