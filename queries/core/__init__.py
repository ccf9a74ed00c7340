"""What every question is made of: parameters, grammar, logs, answers, errors."""
