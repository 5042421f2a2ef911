using Luminarys.Diagnostics;

namespace Luminarys.Core.Tests.Diagnostics;

public sealed class LuminarysDiagnosticsTests
{
    /// <summary>Dashboards are built on these names: a change here breaks them.</summary>
    [Fact]
    public void Names_SourceMeterAndInstruments_AreThePublishedOnes()
    {
        Assert.Equal("Luminarys", LuminarysDiagnostics.Source.Name);
        Assert.Equal("Luminarys", LuminarysDiagnostics.CallDuration.Meter.Name);
        Assert.Equal(("luminarys.call.duration", "s"), (LuminarysDiagnostics.CallDuration.Name, LuminarysDiagnostics.CallDuration.Unit));
        Assert.Equal(("luminarys.bus.dropped", "{message}"), (LuminarysDiagnostics.DroppedMessages.Name, LuminarysDiagnostics.DroppedMessages.Unit));
    }
}
