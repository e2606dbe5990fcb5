"""Small windows that ask one thing. What they are told stays plain text."""
