"""The verbs: what people and machines ask for, one subject per file, one transaction each."""
