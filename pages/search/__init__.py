"""Finding: what is looked up, and what editors steer it with."""
