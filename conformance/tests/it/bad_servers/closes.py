"""Closes every connection."""

from listen import serve

serve(lambda client: client.close())
