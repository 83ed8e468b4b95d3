"""What the judge must show: thousands of made-up experiments, decided by its own rule. `make bench-statistics` runs them all."""
