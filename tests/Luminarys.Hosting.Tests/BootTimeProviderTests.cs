using System.Globalization;

namespace Luminarys.Hosting;

public sealed class BootTimeProviderTests
{
    [Fact]
    public void GetTimestamp_OnLinux_CountsFromBootIncludingSleep()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux names this clock.");
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);

        var seconds = BootTimeProvider.Instance.GetTimestamp() / (double)BootTimeProvider.Instance.TimestampFrequency;

        // /proc/uptime counts on the same clock, in hundredths of a second.
        Assert.InRange(seconds, uptime - 0.02, uptime + 5);
    }

    [Fact]
    public void GetTimestamp_ReadAgain_NeverGoesBack()
    {
        var last = BootTimeProvider.Instance.GetTimestamp();
        for (var i = 0; i < 10_000; i++)
        {
            var next = BootTimeProvider.Instance.GetTimestamp();
            Assert.True(next >= last);
            last = next;
        }
    }
}
