namespace Luminarys.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args) => LuminarysCommand.Build().Parse(args).InvokeAsync(LuminarysCommand.Signals);
}
