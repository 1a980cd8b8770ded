import Testing
import TextForms

@Suite("Days of the calendar")
struct CivilDayTests {
    @Test(
        "Days and their numbers are each other's inverse", arguments: [-719_162, -1, 0, 59, 11_016, 47_540, 2_932_896])
    func inverse(number: Int) {
        for number in number...number + 800 {
            let day = CivilDay(number: number)
            #expect(CivilDay(year: day.year, month: day.month, day: day.day) == day)
            #expect(day.weekday == (number + 4 + 7 * 719_162) % 7)
        }
    }

    @Test(
        "Days have the numbers and weekdays of the calendar",
        arguments: [
            (1970, 1, 1, 0, 4), (1969, 12, 31, -1, 3), (2000, 2, 29, 11_016, 2), (2000, 3, 1, 11_017, 3),
            (1900, 3, 1, -25_508, 4), (2026, 11, 22, 20_779, 0), (1994, 11, 6, 9075, 0), (1, 1, 1, -719_162, 1),
            (0, 3, 1, -719_468, 3), (0, 2, 29, -719_469, 2), (9999, 12, 31, 2_932_896, 5),
        ])
    func known(year: Int, month: Int, day: Int, number: Int, weekday: Int) {
        let given = CivilDay(year: year, month: month, day: day)
        #expect(given.number == number)
        #expect(given.weekday == weekday)
        #expect(CivilDay(number: number) == given)
    }

    @Test("Each day is the one after the day before", arguments: [-900_000, -719_600, -200, 10_900, 47_400])
    func steps(start: Int) {
        var day = CivilDay(number: start)
        for number in start + 1...start + 1500 {
            let next = CivilDay(number: number)
            let isLast = day.day == CivilDay.daysIn(month: day.month, year: day.year)
            let expected =
                isLast ? day.nextMonth : CivilDay(year: day.year, month: day.month, day: day.day + 1)
            #expect(next == expected)
            day = next
        }
    }

    @Test("Leap years", arguments: [(2000, true), (1900, false), (2024, true), (2023, false), (0, true), (-4, true)])
    func leap(year: Int, isLeap: Bool) {
        #expect(CivilDay.isLeap(year) == isLeap)
        #expect(CivilDay.daysIn(month: 2, year: year) == (isLeap ? 29 : 28))
    }

    @Test("A day beyond its month's end is counted on")
    func beyond() {
        #expect(CivilDay(year: 2026, month: 2, day: 31).number == CivilDay(year: 2026, month: 3, day: 3).number)
    }

    @Test("Months have the names that HTTP gives them")
    func months() {
        let names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(separator: " ")
        for (index, name) in names.enumerated() {
            #expect("\(CivilDay.monthName(index + 1))" == name)
            #expect(CivilDay.month(named: name) == index + 1)
        }
    }

    @Test("Other names are none", arguments: ["", "jan", "JAN", "January", "Ja", "Jan "])
    func noMonth(name: String) {
        #expect(CivilDay.month(named: name) == nil)
    }

    @Test("Division rounds down, and the remainder is never negative")
    func floored() {
        #expect(7.floored(by: 5) == 1)
        #expect((-7).floored(by: 5) == -2)
        #expect((-10).floored(by: 5) == -2)
        #expect((-7).modulo(5) == 3)
        #expect((-10).modulo(5) == 0)
        #expect(Int64.min.modulo(1000) == 192)
    }
}
