namespace Luminarys.Chaos;

/// <summary>Holds what clients saw against what the journals say.</summary>
internal static class HistoryChecker
{
    /// <summary>How much later than its deadline an answer may come.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Every broken promise.</summary>
    /// <param name="history">What clients saw.</param>
    /// <param name="runs">How often each id was run.</param>
    public static IReadOnlyList<Violation> Check(History history, IReadOnlyDictionary<string, int> runs)
    {
        var violations = new List<Violation>();
        var known = new HashSet<string>();
        foreach (var call in history.Calls)
        {
            if (!known.Add(call.Id))
            {
                violations.Add(new(ViolationKind.SameId, call.Id, call.ToString()));
            }

            var ran = runs.GetValueOrDefault(call.Id);
            violations.AddRange(Judge(call, ran, history).Select(kind => new Violation(kind, call.Id, $"ran {ran} times: {call}")));
        }

        violations.AddRange(runs.Keys.Where(id => !known.Contains(id)).Select(id => new Violation(ViolationKind.RanUncalled, id, $"ran {runs[id]} times")));
        return violations;
    }

    private static IEnumerable<ViolationKind> Judge(CallRecord call, int ran, History history)
    {
        if (ran > 1)
        {
            yield return ViolationKind.RanTwice;
        }

        if (call.Answer.Count > 1)
        {
            yield return ViolationKind.AnsweredTwice;
        }

        if (JudgeOutcome(call, history.Outages) is { } broken)
        {
            yield return broken;
        }
        else if (call.Took - Stopped(call, history.Pauses.Concat(history.Outages)) > call.Deadline + Grace)
        {
            yield return ViolationKind.Late;
        }

        if (JudgeRun(call, ran) is { } disagreement)
        {
            yield return disagreement;
        }
    }

    // A call that was waiting while the master's process stood still, or had not answered anything yet, may be later by that time.
    private static TimeSpan Stopped(CallRecord call, IEnumerable<(TimeSpan From, TimeSpan To)> pauses) => pauses
        .Where(pause => pause.From < call.AnsweredAt && call.InvokedAt < pause.To)
        .Aggregate(TimeSpan.Zero, (sum, pause) => sum + Min(pause.To, call.AnsweredAt) - Max(pause.From, call.InvokedAt));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    // A master that is killed cannot answer the calls that it had, nor can one that is not there take any.
    private static ViolationKind? JudgeOutcome(CallRecord call, IReadOnlyCollection<(TimeSpan From, TimeSpan To)> outages) => call.Answer.Outcome switch
    {
        CallOutcome.None => ViolationKind.Lost,
        CallOutcome.Broken or CallOutcome.NotTaken when !outages.Any(outage => call.InvokedAt <= outage.To && outage.From <= call.AnsweredAt) => ViolationKind.Lost,
        CallOutcome.Untyped => ViolationKind.Untyped,
        CallOutcome.Error when !FinalCodes.IsOpen(call.Answer.Code) && !FinalCodes.SaysNotBegun(call.Answer.Code) => ViolationKind.Untyped,
        CallOutcome.Result when call.Expected is { } expected && expected != call.Answer.Text => ViolationKind.WrongResult,
        _ => null,
    };

    private static ViolationKind? JudgeRun(CallRecord call, int ran) => call.Answer.Outcome switch
    {
        CallOutcome.Result when ran == 0 => ViolationKind.ResultWithoutRun,
        CallOutcome.NotTaken when ran > 0 => ViolationKind.RanAfterRefusal,
        CallOutcome.Error when ran > 0 && FinalCodes.SaysNotBegun(call.Answer.Code) => ViolationKind.RanAfterRefusal,
        _ => null,
    };
}
