#!/bin/sh
# checks.sh PLAN.json: fails unless every check of a plan has passed. PLAN.json is what `terraform show -json` prints.
# A plan without any check fails too: it is the wrong plan, or someone took the checks out.
# -s, because without it jq takes an empty file for nothing to do, and that for success.
exec jq -r -s '
  (.[0].checks // []) as $checks
  | [$checks[] | select(.status != "pass")
      | "\(.address.to_display): \(.status)", (.instances[]?.problems[]?.message | "  " + .)]
  | if $checks == [] then "The plan has no checks.\n" | halt_error(1)
    elif . != [] then join("\n") + "\n" | halt_error(1)
    else "Checks passed: \($checks | length)"
    end
' "$1"
