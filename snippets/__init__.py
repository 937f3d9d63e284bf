"""The code of the Machine Learning Interview Handbook: a folder for each chapter, a module for each topic."""
