namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

internal static class Poll
{
    /// <summary>Waits until something holds; fails after 20 s.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var deadline = Environment.TickCount64 + 20_000; !condition(); await Task.Delay(5, TestContext.Current.CancellationToken))
        {
            Assert.True(Environment.TickCount64 < deadline, "what was waited for did not happen");
        }
    }
}
