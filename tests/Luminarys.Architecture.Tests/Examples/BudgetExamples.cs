#pragma warning disable CA1812, CA1823, CA1822, IDE0051, IDE0060 // Bad shapes are what these types are for.

namespace Luminarys.Architecture.Tests.Examples;

/// <summary>Types that break, and types that keep, the budget.</summary>
internal static class BudgetExamples
{
    internal sealed class SevenCollaborators
    {
        public SevenCollaborators(object a, object b, object c, object d, object e, object f, object g) =>
            Values = [a, b, c, d, e, f, g];

        public object[] Values { get; }
    }

    internal sealed class SixCollaborators(object a, object b, object c, object d, object e, object f)
    {
        public object[] Values { get; } = [a, b, c, d, e, f];
    }

    internal sealed record SevenValues(int A, int B, int C, int D, int E, int F, IReadOnlyList<int> G);

    internal readonly record struct SevenValuesInPlace(int A, int B, int C, int D, int E, int F, string G);

    internal sealed record SevenWithClock(int A, int B, int C, int D, int E, int F, TimeProvider Clock);

    internal sealed record SevenWithDelegate(int A, int B, int C, int D, int E, int F, Action Act);

    internal sealed record SevenWithPort(int A, int B, int C, int D, int E, int F, IAsyncDisposable Port);

    internal sealed class Voids
    {
        public static async void Method() => await Task.Yield();

        public static Action Lambda() => async () => await Task.Yield();

        public static async Task Awaitable() => await Task.Yield();

        public static Func<Task> AwaitableLambda() => async () => await Task.Yield();
    }
}
