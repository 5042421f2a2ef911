namespace Luminarys.E2E;

/// <summary>A network of its own for one node, with two cables to ours: one for the bus, one for the relay. Gone with the test.</summary>
internal sealed class FarNetwork : IAsyncDisposable
{
    private static int s_made;
    private readonly int _number = (Environment.ProcessId * 4 % 16000) + Interlocked.Increment(ref s_made);

    private FarNetwork()
    {
    }

    /// <summary>What <c>ip netns</c> calls it.</summary>
    public string Name => $"lm-far-{_number}";

    /// <summary>Our end of the cable for the bus.</summary>
    public string BusHost => Address(201, 1);

    /// <summary>Our end of the cable for the relay.</summary>
    public string RelayHost => Address(202, 1);

    public static async Task<FarNetwork> MakeAsync()
    {
        var network = new FarNetwork();
        Assert.SkipUnless(Environment.UserName == "root" && ChildProcess.Find("ip") is not null, "not run: networks are made by root, with ip of iproute2");
        await Root.RequireAsync("to make networks", "ip", "netns", "add", network.Name);
        await IpAsync("-n", network.Name, "link", "set", "lo", "up");
        await network.LayAsync('b', 201);
        await network.LayAsync('r', 202);
        return network;
    }

    /// <summary>Takes the far end of a cable out, or puts it back.</summary>
    public Task SetAsync(bool isBus, bool isUp) => IpAsync("-n", Name, "link", "set", $"{Cable(isBus ? 'b' : 'r')}f", isUp ? "up" : "down");

    public async ValueTask DisposeAsync()
    {
        // Its cables go with it.
        Assert.Equal(0, (await Root.RunAsync("ip", "netns", "del", Name)).Code);
    }

    private async Task LayAsync(char kind, int net)
    {
        var cable = Cable(kind);
        await IpAsync("link", "add", $"{cable}n", "type", "veth", "peer", "name", $"{cable}f", "netns", Name);
        await IpAsync("addr", "add", $"{Address(net, 1)}/30", "dev", $"{cable}n");
        await IpAsync("link", "set", $"{cable}n", "up");
        await IpAsync("-n", Name, "addr", "add", $"{Address(net, 2)}/30", "dev", $"{cable}f");
        await IpAsync("-n", Name, "link", "set", $"{cable}f", "up");
    }

    private string Cable(char kind) => $"lm{kind}{_number}";

    private string Address(int net, int host) => $"10.{net}.{_number / 64 % 256}.{(_number % 64 * 4) + host}";

    private static async Task IpAsync(params string[] arguments)
    {
        var (code, output) = await Root.RunAsync(["ip", .. arguments]);
        Assert.True(code == 0, $"ip {string.Join(' ', arguments)}: {output}");
    }
}
