"""The portfolio on a real file, told by the in-process broker what orders do."""
