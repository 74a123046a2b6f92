"""What is counted month by month: offers, enquiries, placements, freshness. Only numbers, nothing about anybody."""
