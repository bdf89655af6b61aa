"""The server: started here, seen from this machine only, by who has the link."""
