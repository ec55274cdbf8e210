"""What strangers try on the pages anybody may open."""
