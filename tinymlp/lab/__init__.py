"""The workbook in JupyterLab: working copies of the lessons, and a server set up for them."""
