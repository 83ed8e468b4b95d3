"""netiv doctor: reads a page of the owner's and says what would be recorded there, and what is in the way.

page reads the HTML, policy judges content-security rules, findings puts both
together, cli fetches and prints. Nothing is sent anywhere but the one request.
"""
