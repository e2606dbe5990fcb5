"""How the network that enlarges layers is trained: its pictures, its lessons, its figures."""
