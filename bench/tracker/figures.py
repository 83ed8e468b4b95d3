"""The figures of bench/results/tracker.json as a table."""


def table(results):
    """The figures as a Markdown table.

    >>> print(table({"trackers": {"netiv": {"brotli_bytes": 4600, "evaluation_ms": 2.04, "afterwards_ms": 1.5, "interaction_ms": 0.31,
    ...     "requests_per_view": 2, "requests_per_session": 3}}}).splitlines()[2])
    | netiv | 4,600 | 2.0 | 1.5 | 0.31 | 2 | 3 |
    """
    rows = ["| tracker | brotli bytes | evaluation ms | script ms after it | script ms an interaction | requests a view | requests in the session |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, of in results["trackers"].items():
        rows.append(f"| {name} | {of['brotli_bytes']:,} | {of['evaluation_ms']:.1f} | {of['afterwards_ms']:.1f} | {of['interaction_ms']:.2f} "
                    f"| {of['requests_per_view']} | {of['requests_per_session']:.0f} |")
    return "\n".join(rows)
