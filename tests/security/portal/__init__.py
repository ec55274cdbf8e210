"""What strangers, scanners and other customers try on customers' own pages."""
