namespace Luminarys.Lmsk;

internal static class Program
{
    private static Task<int> Main(string[] args) => LmskCommand.Build(Console.Out, Console.Error).Parse(LmskCommand.Normalise(args)).InvokeAsync();
}
