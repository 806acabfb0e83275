"""How the tables came to be; `db.migrate` runs what is here."""
