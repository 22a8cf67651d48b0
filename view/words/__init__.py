"""Every sentence in three languages, and numbers and foreign text as people read them."""
