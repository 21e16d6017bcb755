"""What makes a workbook of a set of demos: homework. No drawing and no widgets here."""
