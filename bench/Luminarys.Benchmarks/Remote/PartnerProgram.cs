using System.Globalization;
using System.Runtime;

namespace Luminarys.Benchmarks.Remote;

/// <summary>The roles that this program can take beside a benchmark that runs in another process of it.</summary>
internal static class PartnerProgram
{
    public const string Verb = "partner";
    public const string Ready = "ready";

    public static async Task<int> RunAsync(string[] args)
    {
        IPartnerRole role = args[0] switch
        {
            RawResponder.Role => await RawResponder.StartAsync(args[1], hops: false),
            RawResponder.HoppingRole => await RawResponder.StartAsync(args[1], hops: true),
            EchoNode.Role => await EchoNode.StartSlaveAsync(args[1], args[2]),
            ScaleSlaves.Role => await ScaleSlaves.CreateAsync(args[1]),
            ScaleMaster.Role => await ScaleMaster.StartAsync(args[1]),
            _ => throw new ArgumentException($"unknown role {args[0]}"),
        };
        await using (role)
        {
            Console.WriteLine(Ready);
            while (await Console.In.ReadLineAsync() is { } line)
            {
                Console.WriteLine(line switch
                {
                    "bytes" => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture),
                    "methods" => JitInfo.GetCompiledMethodCount().ToString(CultureInfo.InvariantCulture),
                    _ => await role.AnswerAsync(line),
                });
            }
        }

        return 0;
    }
}
