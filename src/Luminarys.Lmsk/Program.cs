namespace Luminarys.Lmsk;

internal static class Program
{
    private static Task<int> Main(string[] args) => LmskCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
}
