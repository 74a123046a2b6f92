"""What an operator can say to `ehrenamt`: each module lists its COMMANDS, cli.py joins them."""
