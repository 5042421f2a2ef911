namespace Luminarys.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var parsed = LuminarysCommand.Build().Parse(args);
        return LuminarysCommand.ExitCodeOf(parsed, await parsed.InvokeAsync(LuminarysCommand.Signals));
    }
}
