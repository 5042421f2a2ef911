using System.Collections.Immutable;
using Luminarys.Ports;

namespace Luminarys.Cluster.Loopback;

/// <summary>Who listens on what; replaced as a whole, so that publishing takes no lock.</summary>
internal sealed class LoopbackRoutes
{
    public static readonly LoopbackRoutes Empty = new(ImmutableDictionary.Create<string, ImmutableArray<LoopbackSubscription>>(StringComparer.Ordinal), []);

    private readonly ImmutableDictionary<string, ImmutableArray<LoopbackSubscription>> _bySubject;
    private readonly ImmutableArray<LoopbackSubscription> _byPattern;

    private LoopbackRoutes(
        ImmutableDictionary<string, ImmutableArray<LoopbackSubscription>> bySubject, ImmutableArray<LoopbackSubscription> byPattern) =>
        (_bySubject, _byPattern) = (bySubject, byPattern);

    public LoopbackRoutes With(LoopbackSubscription subscription) => HasWildcard(subscription.Pattern)
        ? new(_bySubject, _byPattern.Add(subscription))
        : new(_bySubject.SetItem(subscription.Pattern, At(subscription.Pattern).Add(subscription)), _byPattern);

    public LoopbackRoutes Without(LoopbackSubscription subscription)
    {
        if (HasWildcard(subscription.Pattern))
        {
            return new(_bySubject, _byPattern.Remove(subscription));
        }

        var rest = At(subscription.Pattern).Remove(subscription);
        return new(
            rest.IsEmpty ? _bySubject.Remove(subscription.Pattern) : _bySubject.SetItem(subscription.Pattern, rest), _byPattern);
    }

    /// <summary>Listeners on exactly this subject.</summary>
    public ImmutableArray<LoopbackSubscription> At(string subject) => _bySubject.GetValueOrDefault(subject, []);

    /// <summary>Listeners on patterns; whether one matches is the caller's question.</summary>
    public ImmutableArray<LoopbackSubscription> Patterns => _byPattern;

    /// <summary>Whether a pattern matches a subject; both are well formed.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> subject)
    {
        while (true)
        {
            var (patternDot, subjectDot) = (pattern.IndexOf('.'), subject.IndexOf('.'));
            var token = patternDot < 0 ? pattern : pattern[..patternDot];
            if (token is ">")
            {
                return true;
            }

            if (token is not "*" && !token.SequenceEqual(subjectDot < 0 ? subject : subject[..subjectDot]))
            {
                return false;
            }

            if (patternDot < 0 || subjectDot < 0)
            {
                return patternDot < 0 && subjectDot < 0;
            }

            pattern = pattern[(patternDot + 1)..];
            subject = subject[(subjectDot + 1)..];
        }
    }

    private static bool HasWildcard(string pattern) => !BusSubject.IsValid(pattern);
}
