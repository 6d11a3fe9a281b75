#!/bin/sh
# checks.sh PLAN.json: fails unless the plan has checks and all of them passed.
# Without -s, jq succeeds on an empty file. halt_error prints to stderr.
exec jq -r -s '
  (.[0].checks // []) as $checks
  | [$checks[] | select(.status != "pass")
      | "\(.address.to_display): \(.status)", (.instances[]?.problems[]?.message | "  " + .)]
  | if $checks == [] then "The plan has no checks.\n" | halt_error(1)
    elif . != [] then join("\n") + "\n" | halt_error(1)
    else "Checks passed: \($checks | length)"
    end
' "$1" 2>&1
