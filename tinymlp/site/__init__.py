"""The workbook as a folder for any web server: JupyterLite, with the package, the lessons and a kernel in the page."""
