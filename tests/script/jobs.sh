# Same seed, same bytes: with any number of jobs, in every format, and cut into shards.
. tests/script/common.sh
# Cases, sites, steps and sweeps of up to a thousand starts; the long sweeps of other folders would add time alone.
plays=(scenarios/basics scenarios/change scenarios/client scenarios/filter)
for format in text jsonl junit; do
    "$FIREDRILL" run "${plays[@]}" --jobs 1 --format $format >"$work/one"
    for jobs in 2 5; do
        "$FIREDRILL" run "${plays[@]}" --jobs $jobs --format $format >"$work/many"
        same "$work/one" "$work/many" "$format differs between 1 and $jobs jobs"
    done
done
"$FIREDRILL" run "${plays[@]}" --jobs 1 --format jsonl >"$work/whole"
for count in 2 3 7; do
    : >"$work/parts"
    for i in $(seq $count); do "$FIREDRILL" run "${plays[@]}" --shard "$i/$count" --format jsonl >>"$work/parts"; done
    same "$work/whole" "$work/parts" "$count shards are not the whole"
done
"$FIREDRILL" run scenarios/basics --jobs 1 --pcap "$work/a" >/dev/null
"$FIREDRILL" run scenarios/basics --jobs 3 --pcap "$work/b" >/dev/null
diff -r "$work/a" "$work/b" || fail "captures differ"
finish
