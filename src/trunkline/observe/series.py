"""The series that requests add to: names, help, labels and buckets."""

# Doubling from 10 ms: without buckets for answers that take minutes, p99 is whatever the last bucket says.
DURATION = tuple(0.01 * 2**power for power in range(17))
FIRST_TOKEN = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10, 20, 30, 60, 120)
PER_TOKEN = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5)
OVERHEAD = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)

# name -> (help, labels)
COUNTERS = {
    "trunkline_requests_total": ("Requests ended.", "route provider model status error_class stream"),
    "trunkline_cache_requests_total": ("Requests by what the cache said.", "route result"),
    "trunkline_client_disconnects_total": ("Clients that left before the end.", ""),
    "trunkline_attempts_total": ("Upstream calls by their result.", "provider model result"),
    "trunkline_fallbacks_total": ("Moves from a failed target to another.", "route from_model to_model reason"),
    "trunkline_tokens_total": ("Tokens as the provider counts them.", "provider model route key type"),
    "trunkline_cached_input_tokens_total": ("The cached part of the input.", "provider model route key"),
    "trunkline_reasoning_tokens_total": ("The reasoning part of the output.", "provider model route key"),
    "trunkline_cost_usd_total": ("What answers cost, where it is known.", "provider model route key"),
    "trunkline_price_unknown_total": ("Answers whose price nobody knows.", "provider model"),
    "trunkline_lossy_total": ("Parameters a provider has no counterpart for.", "provider parameter"),
    "trunkline_usage_missing_total": ("Answers whose provider did not say what they used.", "provider model"),
}

# name -> (help, labels, buckets)
HISTOGRAMS: dict[str, tuple[str, str, tuple[float, ...]]] = {
    "trunkline_request_duration_seconds": ("From arrival to the last byte.", "route provider model stream", DURATION),
    "trunkline_overhead_seconds": ("Time spent in the proxy itself.", "route", OVERHEAD),
    "trunkline_time_to_first_token_seconds": ("To a stream's first content.", "route provider model", FIRST_TOKEN),
    "trunkline_time_per_output_token_seconds": ("Between a stream's tokens.", "route provider model", PER_TOKEN),
}
