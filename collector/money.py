"""Amounts of money as whole minor units. Pure."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

# ISO 4217: how many decimals a currency has, where it is not two.
EXPONENTS = dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
                           "VUV", "XAF", "XOF", "XPF"), 0) | dict.fromkeys(
                          ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
MOST = 10 ** 12  # minor units; more is a mistake


def minor_units(amount, currency):
    """An amount as sent (number or text) in the currency's smallest coin; None when it is no sensible amount.

    >>> minor_units(120.5, "ILS"), minor_units("1200", "JPY"), minor_units(1.2345, "KWD"), minor_units("a lot", "ILS")
    (12050, 1200, 1235, None)
    """
    if isinstance(amount, bool) or not isinstance(amount, (int, float, str)):
        return None
    exponent = EXPONENTS.get(currency, 2)
    if isinstance(amount, int):  # exact already, in a quarter of the time
        units = amount * 10 ** exponent
        return units if 0 <= units <= MOST else None
    try:
        units = Decimal(str(amount)[:40]).scaleb(exponent)
    except InvalidOperation:
        return None
    if not units.is_finite() or not 0 <= units <= MOST:
        return None
    return int(units.to_integral_value(ROUND_HALF_UP))
