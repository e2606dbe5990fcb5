"""Training of the tasks that see a given layer: lessons, network, samples and figures."""
