"""What makes a workbook of a set of demos: predictions, exercises, homework. No drawing and no widgets here."""
