"""What turns a set of demos into a workbook: predictions, exercises, homework. No drawing and no widgets here."""
