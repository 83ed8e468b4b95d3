"""What a report may be narrowed by. Every filter chooses sessions; the report is then about those sessions.

Pure. DIMENSIONS are the columns of `sessions` that have totals of their own in
`session_days`; the number is what stands there. Never renumber one.
"""

DIMENSIONS = {"source": 1, "medium": 2, "campaign": 3, "content": 4, "term": 5, "channel": 6, "referrer": 7,
              "country": 8, "language": 9, "device": 10, "browser": 11, "os": 12,
              "entry_page": 13, "exit_page": 14, "goal": 15}
