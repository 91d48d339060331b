curl --fail-with-body --silent --show-error --retry 3 "$API/v1/team/members" \
    --header "Authorization: Bearer $API_KEY"
curl --fail-with-body --silent --show-error --retry 3 "$API/v1/usage/consume" \
    --header "Authorization: Bearer $API_KEY" --header "Idempotency-Key: job-42" \
    --json '{"meter": "executions", "amount": 1, "key": "job-42"}'
