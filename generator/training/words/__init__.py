"""What the pictures are called: captions from a grammar, and the tokenizer that folds words."""
