using Luminarys.Invocations;

namespace Luminarys.Core.Tests.Invocations;

public sealed class InvocationErrorCodesTests
{
    /// <summary>
    /// The golden list. Numbers and codes are on the wire: a line here may be added, never changed.
    /// </summary>
    public static TheoryData<int, InvocationError, string, bool> Errors => new()
    {
        { 0, InvocationError.None, "NONE", false },
        { 1, InvocationError.Busy, "BUSY", true },
        { 2, InvocationError.Draining, "DRAINING", true },
        { 3, InvocationError.NotServing, "NOT_SERVING", true },
        { 4, InvocationError.NoSuchSkill, "NO_SUCH_SKILL", true },
        { 5, InvocationError.NoSuchMethod, "NO_SUCH_METHOD", false },
        { 6, InvocationError.BadArgument, "BAD_ARGUMENT", false },
        { 7, InvocationError.Denied, "DENIED", false },
        { 8, InvocationError.Deadline, "DEADLINE", false },
        { 9, InvocationError.Cancelled, "CANCELLED", false },
        { 10, InvocationError.NodeLost, "NODE_LOST", false },
        { 11, InvocationError.OutcomeUnknown, "OUTCOME_UNKNOWN", false },
        { 12, InvocationError.BusDown, "BUS_DOWN", true },
        { 13, InvocationError.BusDenied, "BUS_DENIED", false },
        { 14, InvocationError.Expired, "EXPIRED", false },
        { 15, InvocationError.PayloadTooLarge, "PAYLOAD_TOO_LARGE", false },
        { 16, InvocationError.SkillTrap, "SKILL_TRAP", false },
        { 17, InvocationError.SkillLimit, "SKILL_LIMIT", false },
        { 18, InvocationError.SkillError, "SKILL_ERROR", false },
        { 19, InvocationError.VersionUnsupported, "VERSION_UNSUPPORTED", false },
        { 20, InvocationError.StaleEpoch, "STALE_EPOCH", true },
        { 21, InvocationError.NodeIdInUse, "NODE_ID_IN_USE", false },
        { 22, InvocationError.MasterConflict, "MASTER_CONFLICT", false },
        { 23, InvocationError.WrongInstance, "WRONG_INSTANCE", true },
        { 24, InvocationError.CancelledByDrain, "CANCELLED_BY_DRAIN", false },
        { 25, InvocationError.Stale, "STALE", false },
        { 26, InvocationError.Conflict, "CONFLICT", false },
        { 27, InvocationError.Internal, "INTERNAL", false },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void EachError_NumberAndCode_AreTheWireValues(int number, InvocationError error, string code, bool retryable)
    {
        Assert.Equal(number, (int)error);
        Assert.Equal(code, error.ToCode());
        Assert.Equal(error, InvocationErrorCodes.FromCode(code));
        Assert.Equal(retryable, error.IsRetryable());
    }

    [Fact]
    public void GoldenList_AgainstTheEnum_IsComplete() =>
        Assert.Equal(Enum.GetValues<InvocationError>(), Errors.Select(row => row.Data.Item2).Order());

    /// <summary>A call whose outcome nobody knows, or that may have begun, must never be sent again by itself.</summary>
    [Theory]
    [InlineData(InvocationError.OutcomeUnknown)]
    [InlineData(InvocationError.NodeLost)]
    [InlineData(InvocationError.Deadline)]
    [InlineData(InvocationError.Cancelled)]
    [InlineData(InvocationError.CancelledByDrain)]
    [InlineData(InvocationError.SkillTrap)]
    [InlineData(InvocationError.SkillError)]
    [InlineData(InvocationError.Internal)]
    public void C3_IsRetryable_CallMayHaveBegun_IsFalse(InvocationError error) => Assert.False(error.IsRetryable());

    [Theory]
    [InlineData("")]
    [InlineData("busy")]
    [InlineData("Busy")]
    [InlineData("NO_SPACE")]
    [InlineData("A_CODE_OF_TOMORROW")]
    public void FromCode_UnknownCode_IsInternal(string code) => Assert.Equal(InvocationError.Internal, InvocationErrorCodes.FromCode(code));

    [Fact]
    public void ToCode_NumberOfTomorrow_IsInternal() => Assert.Equal("INTERNAL", ((InvocationError)4711).ToCode());
}
